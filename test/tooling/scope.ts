/**
 * `npm run test:all` sets HEARTH_TEST_SCOPE=all: full sizes and every combination, however long that takes. Without it a test
 * may take a size or a choice that proves the same in the time of `npm test`.
 */
export const isAllAsked = process.env.HEARTH_TEST_SCOPE === 'all'

/**
 * `npm run test:all` sets HEARTH_TEST_SCOPE=all: full sizes and every combination, however long that takes. Without it a test
 * may take a size or a choice that proves the same in the time of `npm test`. What is not to run in the usual run is not defined
 * there (`if (isAllAsked) it(...)`, or a file `*.all.test.ts`); a skipped test is a failure where everything is required.
 */
export const isAllAsked = process.env.HEARTH_TEST_SCOPE === 'all'

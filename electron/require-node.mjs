// Runs first in every npm script. An older Node does not fail cleanly: better-sqlite3 segfaults below Node 22.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `Hearth needs Node 24 or newer, but this script runs on Node ${process.versions.node}.\n` +
      'Run it through npm (npm start, npm test): npm ci installs a Node 24 for Linux and Windows x64.\n' +
      'On other systems install Node 24 or newer yourself.',
  )
  process.exit(1)
}

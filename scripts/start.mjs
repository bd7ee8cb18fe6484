// npm start: installs what is missing, builds, and runs the quickstart.
process.argv.splice(2, 0, 'quickstart');
await import('./example.mjs');

const { ipcRenderer } = require('electron');

// The samples come from a process of their own, over a port, as in the app.
ipcRenderer.on('samples', (event) => window.postMessage('samples', '*', [...event.ports]));

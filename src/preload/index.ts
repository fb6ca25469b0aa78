import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { eventChannels, requestChannels, samplesPortMessage, type Bridge } from '../shared/ipc.ts';

const bridge: Bridge = {
  request: (channel, payload) => {
    if (!Object.hasOwn(requestChannels, channel)) throw new Error(`unknown request ${channel}`);
    return ipcRenderer.invoke(channel, payload) as ReturnType<typeof bridge.request<typeof channel>>;
  },
  on: (channel, listener) => {
    if (!Object.hasOwn(eventChannels, channel)) throw new Error(`unknown event ${channel}`);
    // The page must not see Electron's event object: its `sender` would be a way around the bridge.
    const deliver = (_event: IpcRendererEvent, payload: Parameters<typeof listener>[0]): void =>
      listener(payload);
    ipcRenderer.on(channel, deliver);
    return () => ipcRenderer.off(channel, deliver);
  },
  // A page is not told where a file lies; only the preload script may ask.
  pathOf: (droppedFile) => {
    const path = droppedFile instanceof File ? webUtils.getPathForFile(droppedFile) : '';
    return path === '' ? null : path;
  },
};
contextBridge.exposeInMainWorld('corescope', bridge);

// A port cannot pass the context bridge; a window message can carry it into the page.
ipcRenderer.on(samplesPortMessage, (event) =>
  window.postMessage({ type: samplesPortMessage }, window.location.origin, event.ports),
);

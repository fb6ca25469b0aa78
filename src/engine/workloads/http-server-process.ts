import { startHttpServer } from './http-server.ts';

/** Entry of the process that answers the requests of the workload `http`; its argument is the latency in ms. */
const { port } = await startHttpServer(Number(process.argv[2]));
// Not before there is someone to tell: the host may have gone.
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);
process.send?.({ port });

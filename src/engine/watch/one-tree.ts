import { withRowsOf } from '../../shared/frame-codec.ts';
import type { EntityInfo, SamplerMessage } from '../../shared/sample.ts';
import type { Sampler } from '../sampler/index.ts';

/**
 * The sampler as one of several watches hears it: the rows of the tree under `rootPid` and Corescope's own, so that
 * what is watched beside it is in no recording and in no total of this one. Cores and header are the machine's, and
 * are passed on as they are.
 */
export function samplerOfTree(
  sampler: Pick<Sampler, 'subscribe'>,
  rootPid: number,
): Pick<Sampler, 'subscribe'> {
  return {
    subscribe: (listener) => {
      const kept = new Set<number>();
      return sampler.subscribe((message) => {
        if (message.type === 'frame') {
          listener({ type: 'frame', buffer: withRowsOf(message.buffer, kept) });
        } else if (message.type === 'entities') {
          const told = entitiesOf(message, rootPid, kept);
          if (told.appeared.length > 0 || told.goneKeys.length > 0) listener(told);
        } else {
          listener(message);
        }
      });
    },
  };
}

function isOfTree({ owner, rootPid }: EntityInfo, wanted: number): boolean {
  return owner === 'corescope' || rootPid === wanted;
}

/** What of the message is about the tree; `kept` is brought up to date. */
function entitiesOf(
  { appeared, goneKeys }: Extract<SamplerMessage, { readonly type: 'entities' }>,
  rootPid: number,
  kept: Set<number>,
): Extract<SamplerMessage, { readonly type: 'entities' }> {
  const gone = goneKeys.filter((key) => kept.delete(key));
  const ours = appeared.filter((entity) => isOfTree(entity, rootPid));
  for (const { key } of ours) kept.add(key);
  return { type: 'entities', appeared: ours, goneKeys: gone };
}

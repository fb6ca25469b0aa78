import type { EntityInfo, SamplerMessage } from '../../shared/sample.ts';

/** Hands messages to any number of listeners; one that comes later is first told the cores and what is alive. */
export interface MessageHub {
  publish(message: SamplerMessage): void;
  subscribe(listener: (message: SamplerMessage) => void): () => void;
  /** What is alive, and who listens. */
  readonly keptCount: number;
}

export function createMessageHub(): MessageHub {
  const alive = new Map<number, EntityInfo>();
  let topology: SamplerMessage | null = null;
  /** Replaced and never changed, so that who is told of a message does not depend on what the others do with it. */
  let subscriptions: readonly { readonly listener: (message: SamplerMessage) => void }[] = [];
  return {
    publish(message) {
      if (message.type === 'entities') {
        for (const key of message.goneKeys) alive.delete(key);
        for (const entity of message.appeared) alive.set(entity.key, entity);
      }
      if (message.type === 'topology') topology = message;
      for (const { listener } of subscriptions) listener(message);
    },
    subscribe(listener) {
      // An object of its own, so that one function may subscribe twice.
      const subscription = { listener };
      subscriptions = [...subscriptions, subscription];
      if (topology !== null) listener(topology);
      if (alive.size > 0) listener({ type: 'entities', appeared: [...alive.values()], goneKeys: [] });
      return () => {
        subscriptions = subscriptions.filter((each) => each !== subscription);
      };
    },
    get keptCount() {
      return alive.size + subscriptions.length;
    },
  };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLayer, filesReachableFrom } from './layer-program.ts';
import { plantedFiles, plantTree, projectRoot } from './planted-tree.ts';

const layers = ['shared', 'engine', 'cli', 'main', 'preload', 'renderer', 'renderer/drawing'];

describe('the globals wall', () => {
  const tree = plantTree('globals');
  const messagesByFile = new Map<string, readonly string[]>();

  beforeAll(() => {
    for (const layer of layers) {
      for (const [file, messages] of checkLayer(tree.root, layer)) messagesByFile.set(file, messages);
    }
  }, 120_000);

  afterAll(() => tree.remove());

  it.each(plantedFiles('globals'))('says of $file: $expected', ({ file, expected }) => {
    const messages = messagesByFile.get(file);
    if (expected === 'nothing') {
      expect(messages).toEqual([]);
    } else {
      expect(messages).toHaveLength(1);
      expect(messages?.[0]).toContain(expected);
    }
  });
});

describe('the types that a layer without Node can reach', () => {
  function nodeTypes(root: string, layer: string): readonly string[] {
    return filesReachableFrom(root, layer).filter((file) => file.includes('/@types/node/'));
  }

  it.each(['shared', 'renderer', 'renderer/drawing'])('are free of those of Node in %s', (layer) => {
    expect(
      filesReachableFrom(projectRoot, layer).some((file) => file.startsWith(`${projectRoot}/src/${layer}/`)),
    ).toBe(true);
    expect(nodeTypes(projectRoot, layer)).toEqual([]);
  });

  it('would be found out: one type of Electron in one component brings in those of Node', () => {
    const tree = plantTree('electron-types');
    expect(nodeTypes(tree.root, 'renderer').length).toBeGreaterThan(10);
    tree.remove();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText, markup, trustedMarkup } from '../../../../src/engine/export/markup.ts';

describe('markup', () => {
  it('escapes what is put in, in elements and in attributes', () => {
    expect(markup`<p title="${'"a" & \'b\''}">${'<b>'}</p>`.text).toBe(
      '<p title="&quot;a&quot; &amp; &#39;b&#39;">&lt;b&gt;</p>',
    );
  });

  it('nests without escaping twice, joins lists, and leaves out nothing', () => {
    const items = ['a', '<'].map((item) => markup`<li>${item}</li>`);
    expect(markup`<ul>${items}${null}${3}${trustedMarkup('<hr>')}</ul>`.text).toBe(
      '<ul><li>a</li><li>&lt;</li>3<hr></ul>',
    );
  });

  it('never lets text open or close anything', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeText(text)).not.toMatch(/[<>"']/);
      }),
    );
  });
});

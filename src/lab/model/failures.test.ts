/** What goes wrong under a text, with ranks that are made up: it stays, and goes on by a click. */

import { describe, expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { open } from './testing/fakeSessions.ts';

describe('where something fails, the store of a model', () => {
  it('keeps the text of a device that is lost, and takes it up again on new ranks', async () => {
    const { get, rest, text, sessions } = open((own) => {
      own.failsAt = 2;
    });
    await rest();
    expect(text()).toEqual(['cd']);
    expect(get()).toMatchObject({ alive: false, failure: { code: 'device', message: 'The GPU was lost.' } });
    get().rerun();
    await rest();
    expect(text()).toEqual(['cdefg']);
    expect(get().failure).toBeNull();
    expect(sessions.opened).toEqual([2, 2]);
    expect(sessions.contexts).toEqual(['ab', 'abcd']);
  });

  it.each([
    ['other ranks', { ranks: 4 }],
    ['another device', { device: 'webgpu', ranks: 3 }],
    ['another model', { model: 'https://models.example/a/' }],
  ] as const)('keeps the text and who wrote it where %s cannot be had, until they can', async (_, patch) => {
    const { get, rest, text, sessions } = open();
    await rest();
    const { loaded } = get();
    sessions.refuses = new LabError('memory', 'There is no room.');
    get().change(patch);
    await rest();
    expect(text()).toEqual(['cde']);
    expect(get()).toMatchObject({ failure: { code: 'memory' }, alive: false, loaded });
    sessions.refuses = new LabError('environment', 'There is no network.');
    get().rerun();
    await rest();
    expect(text()).toEqual(['cde']);
    expect(get()).toMatchObject({
      failure: { code: 'environment' },
      failedAt: 'starting',
      alive: false,
      loaded,
    });
    get().rerun();
    await rest();
    expect(text()).toEqual(['cde']);
    expect(get()).toMatchObject({ failure: null, alive: true, loaded: { worldSize: get().params.ranks } });
    expect(sessions.contexts).toEqual(['ab', 'ab']);
  });

  it('has the text again where other ranks fail before they have written anything', async () => {
    const { get, rest, text, sessions } = open();
    await rest();
    const { loaded } = get();
    sessions.failsAt = 0;
    get().change({ ranks: 4 });
    await rest();
    expect(text()).toEqual(['cde']);
    expect(get()).toMatchObject({ failure: { code: 'device' }, alive: false, loaded });
    get().rerun();
    await rest();
    expect(get()).toMatchObject({ failure: null, alive: true, loaded: { worldSize: 4 } });
    expect(get().runs.map(({ ranks }) => ranks)).toEqual([2, 4]);
  });

  it('asks for nothing twice that has been written, or was cleared', async () => {
    const { get, rest, text, sessions } = open();
    await rest();
    sessions.failsAt = 2;
    get().write('gh');
    await rest();
    get().rerun();
    await rest();
    expect(text()).toEqual(['ijklm']); // from its end, and not the prompt once more
    sessions.refuses = new LabError('memory', 'There is no room.');
    get().change({ ranks: 4 });
    await rest();
    get().clear();
    get().rerun();
    await rest();
    expect(text()).toEqual(['ijk']);
  });

  it('says nothing of a failure behind which something else was wished for', async () => {
    const { get, rest, text, sessions } = open();
    await rest();
    sessions.failsAt = 1;
    sessions.onFailure = () => get().write('ij');
    get().write('gh');
    await rest();
    expect(text()).toEqual(['klm']);
    expect(get().failure).toBeNull();
  });
});

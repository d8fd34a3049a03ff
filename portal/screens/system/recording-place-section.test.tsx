// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeDisks, fakeStick } from '#device/testing/fake-disks.ts';
import { PortalContext } from '../../store/portal.ts';
import { testPortal } from '../../store/test-portal.ts';
import { RecordingPlaceSection } from './recording-place-section.tsx';

type Place = Awaited<ReturnType<ReturnType<typeof fakeDisks>['describe']>>;

/** What the device was told. */
let commands: string[];
let disks: ReturnType<typeof fakeDisks>;
/** How what it says differs. */
let told: Partial<Place>;
/** In place of what it says: nothing, for ever, or a failure. */
let silence: 'none' | 'never' | 'failure';

/** The three routes over the disks that live in memory. */
async function answer(path: string, body: string): Promise<Response> {
  const { pathname } = new URL(path);
  try {
    if (pathname === '/api/system/disks' && silence === 'never') return await new Promise(() => {});
    if (pathname === '/api/system/disks' && silence === 'failure') throw new Error('The disks cannot be listed.');
    if (pathname === '/api/system/disks') return Response.json({ ...(await disks.describe()), ...told });
    if (pathname === '/api/system/disks/chosen') {
      await disks.choose(JSON.parse(body).volumeId);
      return new Response(null, { status: 202 });
    }
    return Response.json(await disks.erase(pathname.split('/')[4] ?? ''));
  } catch (error) {
    return Response.json({ error: { kind: 'not-found', message: String(error) } }, { status: 404 });
  }
}

function show() {
  const { portal, pass, loseConnection, connectAgain } = testPortal((path, init) => answer(String(path), String(init?.body)));
  render(
    <PortalContext.Provider value={portal}>
      <RecordingPlaceSection />
    </PortalContext.Provider>,
  );
  return { pass, loseConnection, connectAgain, notices: () => portal.notices.notices.value.map(({ text }) => text) };
}

const placeOf = async (name: RegExp) => {
  const title = await screen.findByText(name);
  const line = title.closest('li');
  if (!line) throw new Error(`${name} is no place of the list`);
  return { line, button: (label: string) => within(line).queryByText(label)?.closest('button') ?? null };
};
const press = (button: HTMLElement | null) => {
  if (!button) throw new Error('there is no such button');
  fireEvent.click(button);
};
const inDialog = () => within(screen.getByRole('dialog'));

beforeEach(() => {
  commands = [];
  disks = fakeDisks(commands);
  told = {};
  silence = 'none';
});
afterEach(cleanup);

test('a disk is made ready, chosen, and shown as chosen when the device is back', async () => {
  const { loseConnection, connectAgain, notices } = show();
  const stick = await placeOf(/SanDisk Ultra/);
  expect(stick.line.textContent).toContain('64.0 GB, vfat “PHOTOS”');
  expect(stick.button('Keep recordings here')).toBeNull();
  expect((await placeOf(/own card/)).line.getAttribute('aria-current')).toBe('true');

  press(stick.button('Erase…'));
  expect(inDialog().getByText('vfat “PHOTOS”')).toBeTruthy();
  fireEvent.input(inDialog().getByLabelText(/Type sda/), { target: { value: 'sda' } });
  press(inDialog().getByText('Erase everything on it'));
  await expect.poll(() => stick.button('Keep recordings here')).not.toBeNull();
  expect(notices()).toEqual([expect.stringContaining('SanDisk Ultra (sda) is erased')]);

  press(stick.button('Keep recordings here'));
  press(inDialog().getByText('Keep recordings here'));
  await screen.findByText('The device starts anew.');
  expect(notices()).toContainEqual('The device starts anew with the recordings on SanDisk Ultra (sda)');
  expect(commands).toHaveLength(1);
  expect(stick.line.textContent).toContain('Recordings will be kept here');
  expect(screen.queryByText('Look again')).toBeNull();
  await expect.poll(() => document.activeElement).toBe(screen.getByRole('list'));

  loseConnection();
  connectAgain();
  await screen.findByText('Look again');
  expect((await placeOf(/SanDisk Ultra/)).line.getAttribute('aria-current')).toBe('true');
  expect((await placeOf(/SanDisk Ultra/)).button('Erase…')).toBeNull();
  expect((await placeOf(/own card/)).button('Keep recordings here')).not.toBeNull();
});

test.each(['', 'sd', 'sdb', 'erase'])('a disk is not erased by whoever typed “%s” for its name', async (typed) => {
  show();
  press((await placeOf(/SanDisk Ultra/)).button('Erase…'));
  fireEvent.input(inDialog().getByLabelText(/Type sda/), { target: { value: typed } });
  await Promise.resolve();
  const go = inDialog().getByText('Erase everything on it').closest('button');
  expect(go?.disabled).toBe(true);
});

test('a disk that was pulled out before it was erased is told of, and looked for again', async () => {
  show();
  press((await placeOf(/SanDisk Ultra/)).button('Erase…'));
  disks = { ...disks, erase: () => Promise.reject(new Error('That disk is not there any more.')) };
  told = { disks: [] };
  fireEvent.input(inDialog().getByLabelText(/Type sda/), { target: { value: 'sda' } });
  await expect.poll(() => inDialog().getByText('Erase everything on it').closest('button')?.disabled).toBe(false);
  press(inDialog().getByText('Erase everything on it'));
  await screen.findByText(/That disk is not there any more/);
  expect(screen.queryByText(/SanDisk Ultra/)).toBeNull();
  screen.getByText('No other disk is plugged in.');
});

test('the disk with the recordings that is not plugged in is said to be missing, and why that matters', async () => {
  told = { volumeId: '0c5d8f2e', isThere: false };
  show();
  await screen.findByText('The disk with the recordings is not there.');
  screen.getByText(/Nothing is recorded until it is plugged in again/);
  expect((await placeOf(/own card/)).button('Keep recordings here')).not.toBeNull();
});

test('the chosen disk that is plugged in and cannot be used is told apart from one that is used', async () => {
  const ready = await disks.erase((await disks.describe()).disks[0]?.id ?? '');
  told = { volumeId: ready.volumeId, isThere: false };
  show();
  const { line, button } = await placeOf(/SanDisk Ultra/);
  expect(line.textContent).toContain('Chosen, but not in use');
  expect(button('Erase…')).toBeNull();
  expect(screen.queryByText('The disk with the recordings is not there.')).toBeNull();
});

test('a disk that did not tell what is on it is neither kept on nor erased', async () => {
  const silent = { ...fakeStick, volumeId: null, content: null, answers: false };
  told = { disks: [silent] };
  show();
  const { line, button } = await placeOf(/SanDisk Ultra/);
  expect(line.textContent).toContain('It does not tell what is on it. Look again in a minute, or unplug it and plug it in again.');
  expect(line.textContent).not.toContain('empty');
  expect(line.textContent).not.toContain('has to be erased');
  expect(button('Keep recordings here')).toBeNull();
  expect(button('Erase…')).toBeNull();
});

test('a device on which no disk can be used says why, and nothing else', async () => {
  told = { unavailable: 'Recordings are kept where this program was told to keep them.' };
  show();
  await screen.findByText('Recordings are kept where this program was told to keep them.');
  expect(screen.queryByRole('list')).toBeNull();
  expect(screen.queryByRole('button')).toBeNull();
});

test.each([
  ['cannot use disks any more', () => ({ told: { unavailable: 'The disks cannot be listed just now.' } })],
  ['cannot list its disks', () => ({ silence: 'failure' as const })],
  ['never tells which disks there are', () => ({ silence: 'never' as const })],
])('a device that keeps recordings on a disk and %s is still led back to its card', async (_what, how) => {
  const ready = await disks.erase((await disks.describe()).disks[0]?.id ?? '');
  await disks.choose(ready.volumeId);
  const trouble: { told?: Partial<Place>; silence?: 'failure' | 'never' } = how();
  told = { isThere: false, disks: [], ...trouble.told };
  silence = trouble.silence ?? 'none';
  const { pass } = show();
  if (silence === 'never') pass(10_000);
  press((await screen.findByText(/Keep recordings (here|on the device’s own card)/)).closest('button'));
  press(inDialog().getByText('Keep recordings here'));
  await screen.findByText('The device starts anew.');
  expect(commands.at(-1)).toBe('recordings on the device itself');
  expect(screen.queryByText(/Keep recordings on the device’s own card/)).toBeNull();
});

test('a device whose disks cannot be told, and are not in use as it seems, says why beside the way back', async () => {
  told = { volumeId: '0c5d8f2e', isThere: true, unavailable: 'The disks cannot be listed just now.', disks: [] };
  show();
  await screen.findByText('The disks cannot be listed just now.');
  expect(screen.queryByText('The disk with the recordings is not there.')).toBeNull();
  expect(screen.queryByText('No other disk is plugged in.')).toBeNull();
  expect((await placeOf(/own card/)).button('Keep recordings here')).not.toBeNull();
});

test('while the list is on its way nothing else is offered', async () => {
  silence = 'never';
  const { pass } = show();
  pass(9_000);
  await screen.findByText(/Loading/);
  expect(screen.queryByRole('button')).toBeNull();
});

test('what destroys is red, and choosing a place is not', async () => {
  told = { volumeId: '0c5d8f2e', isThere: false };
  show();
  press((await placeOf(/own card/)).button('Keep recordings here'));
  expect(inDialog().getByText('Keep recordings here').closest('button')?.className).toContain('button-primary');
  inDialog().getByText(/are not deleted for their age/);
  press(inDialog().getByText('Cancel').closest('button'));
  press((await placeOf(/SanDisk Ultra/)).button('Erase…'));
  expect(inDialog().getByText('Erase everything on it').closest('button')?.className).toContain('button-danger');
});

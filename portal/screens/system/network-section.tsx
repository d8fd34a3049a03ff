import { Network as NetworkIcon, Search } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { percent } from '../../format/amounts.ts';
import { words } from '../../format/words.ts';
import { networkWords as text } from '../../format/words-network.ts';
import { Button } from '../../parts/button.tsx';
import { type Fact, Facts, Panel, ProblemBox } from '../../parts/panel.tsx';
import { Loading } from '../../parts/spinner.tsx';
import type { Network, NetworkLink, WifiNetwork } from '../../store/model.ts';
import { usePortal } from '../../store/portal.ts';
import { problemOf } from '../../store/problem.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { JoinDialog } from './join-dialog.tsx';

const refreshMs = 15_000;
const refreshWhileJoiningMs = 2000;

const factOf = (link: NetworkLink): Fact => {
  const wifi = link.ssid === null ? text.wifiUnnamed : text.wifi(link.ssid);
  const strength = link.strengthPercent === null ? null : text.strength(percent(link.strengthPercent / 100));
  const parts = [text.states[link.state], strength, ...link.addresses].filter((part) => part !== null);
  return { label: `${link.kind === 'ethernet' ? text.ethernet : wifi} (${link.interface})`, value: parts.join(', ') };
};

const JoinState = ({ join }: { join: NonNullable<Network['join']> }) => {
  const { ssid, phase, message, action } = join;
  switch (phase) {
    case 'joining':
      return <ProblemBox tone="note" message={text.joining(ssid)} action={text.joiningText} />;
    case 'returning':
      return <ProblemBox tone="note" message={text.returning(ssid)} action={message} />;
    case 'joined':
      return <ProblemBox tone="good" message={text.joined(ssid)} />;
    case 'failed':
      return <ProblemBox message={text.failed(ssid, message ?? '')} action={action} />;
  }
};

const FoundLine = ({ network, onJoin }: { network: WifiNetwork; onJoin: () => void }) => {
  const marks = [network.connected ? text.isConnected : network.known ? text.isKnown : null, text.security[network.security]];
  const canJoin = !network.connected && (network.security === 'open' || network.security === 'wpa');
  return (
    <li class="token-line">
      <div>
        <strong>{network.ssid}</strong>
        <small class="quiet">{[text.strength(percent(network.strengthPercent / 100)), ...marks].filter(Boolean).join(', ')}</small>
      </div>
      {canJoin && (
        <Button small title={text.joinTitle(network.ssid)} onClick={onJoin}>
          {text.join}
        </Button>
      )}
    </li>
  );
};

const JoinAnother = () => {
  const { network } = usePortal().system;
  const { value, problem, loading } = network.found.value;
  const [toJoin, setToJoin] = useState<{ network: WifiNetwork | null } | null>(null);
  return (
    <>
      <div class="row">
        <Button icon={Search} busy={loading} onClick={() => void network.scan()}>
          {loading ? text.looking : text.look}
        </Button>
        <Button onClick={() => setToJoin({ network: null })}>{text.other}</Button>
      </div>
      {problem && <ProblemBox message={problem.message} action={problem.action} />}
      {value?.length === 0 && <p role="status">{text.foundNone}</p>}
      {value && value.length > 0 && (
        <ul class="token-lines" aria-label={text.found}>
          {value.map((found) => (
            <FoundLine key={found.ssid} network={found} onJoin={() => setToJoin({ network: found })} />
          ))}
        </ul>
      )}
      {toJoin && <JoinDialog network={toJoin.network} onClose={() => setToJoin(null)} />}
    </>
  );
};

const ForgetDialog = ({ ssid, onClose }: { ssid: string; onClose: () => void }) => {
  const {
    system: { network },
    notices,
  } = usePortal();
  const forget = async () => {
    const problem = problemOf(await network.forget(ssid));
    if (problem) return problem;
    notices.good(text.forgotten);
    onClose();
    return null;
  };
  return (
    <ConfirmDialog title={text.forgetTitle(ssid)} goLabel={text.forget} go={forget} onClose={onClose}>
      <p>{text.forgetText}</p>
    </ConfirmDialog>
  );
};

const KnownNetworks = ({ known }: { known: readonly string[] }) => {
  const [toForget, setToForget] = useState<string | null>(null);
  return (
    <details class="fold">
      <summary>
        {text.known} ({known.length})
      </summary>
      <ul class="token-lines">
        {known.map((ssid) => (
          <li key={ssid} class="token-line">
            <div>{ssid}</div>
            <Button small look="danger" title={text.forgetTitle(ssid)} onClick={() => setToForget(ssid)}>
              {text.forget}
            </Button>
          </li>
        ))}
      </ul>
      {toForget !== null && <ForgetDialog ssid={toForget} onClose={() => setToForget(null)} />}
    </details>
  );
};

const Peers = () => {
  const { network } = usePortal().system;
  const { value } = network.peers.value;
  if (!value?.some(({ own }) => !own)) return null;
  return (
    <div class="stack">
      <h3>{text.peers}</h3>
      <ul class="peer-lines">
        {value.map(({ name, url, version, own }) => (
          <li key={url}>
            <a href={url} rel="noreferrer">
              {name}
            </a>{' '}
            <small class="quiet">{[own ? text.peerOwn : null, version].filter((part) => part !== null).join(', ')}</small>
          </li>
        ))}
      </ul>
    </div>
  );
};

export const NetworkSection = () => {
  const {
    system: { network },
    clock,
  } = usePortal();
  const { value, problem } = network.network.value;
  const isJoining = value?.join?.phase === 'joining' || value?.join?.phase === 'returning';
  useEffect(() => {
    const load = () => {
      if (document.hidden) return;
      void network.load();
      void network.loadPeers();
    };
    load();
    return clock.every(isJoining ? refreshWhileJoiningMs : refreshMs, load);
  }, [network, clock, isJoining]);
  return (
    <Panel title={text.title} icon={NetworkIcon}>
      {problem && !value && <ProblemBox message={problem.message} action={problem.action} />}
      {!value && !problem && <Loading label={words.loading} />}
      {value && (
        <>
          {value.setup && <ProblemBox tone="note" message={text.setupTitle(value.setup.ssid)} action={text.setupText} />}
          {value.problem !== null && <p class="quiet">{value.problem}</p>}
          {value.problem === null && (value.links.length > 0 ? <Facts facts={value.links.map(factOf)} /> : <p>{text.noLinks}</p>)}
          {value.join && <JoinState join={value.join} />}
          {value.links.some(({ kind }) => kind === 'wifi') && <JoinAnother />}
          {value.known.length > 0 && <KnownNetworks known={value.known} />}
        </>
      )}
      <Peers />
    </Panel>
  );
};

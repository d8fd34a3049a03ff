import { useEffect } from 'preact/hooks';
import { words } from '../../format/words.ts';
import { Page } from '../../parts/page.tsx';
import { usePortal } from '../../store/portal.ts';
import { AccountSection } from './account-section.tsx';
import { DeviceFacts, StorageFacts } from './device-facts.tsx';
import { HealthSection } from './health-section.tsx';
import { NetworkSection } from './network-section.tsx';
import { RecordingPlaceSection } from './recording-place-section.tsx';
import { SettingsSection } from './settings-section.tsx';
import { TokenSection } from './token-section.tsx';
import { UpdateSection } from './update-section.tsx';
import '../../style/system.css';

const refreshMs = 15_000;

/** The device itself: how it is, what it is, how it is set, and who may use it. */
export const SystemScreen = () => {
  const { system, clock } = usePortal();
  // Whoever comes by the device's own access point came for this.
  const isSetup = system.network.network.value.value?.setup != null;
  useEffect(() => {
    const load = () => {
      if (document.hidden) return;
      void system.loadHealth();
      void system.loadSystem();
    };
    load();
    void system.loadSettings();
    void system.loadTokens();
    return clock.every(refreshMs, load);
  }, [system, clock]);
  return (
    <Page title={words.system.title} product={words.product}>
      <div class="system-layout">
        <div class="stack stack-wide">
          {isSetup && <NetworkSection />}
          <HealthSection />
          <UpdateSection />
          <StorageFacts />
          <RecordingPlaceSection />
          <DeviceFacts />
        </div>
        <div class="stack stack-wide">
          {!isSetup && <NetworkSection />}
          <SettingsSection />
          <TokenSection />
          <AccountSection />
        </div>
      </div>
    </Page>
  );
};

import { Compass } from 'lucide';
import { words } from '../format/words.ts';
import { LinkButton } from '../parts/button.tsx';
import { Page } from '../parts/page.tsx';
import { Empty } from '../parts/panel.tsx';

export const NotFound = () => (
  <Page title={words.notFound.title} product={words.product}>
    <Empty icon={Compass} title={words.notFound.title} text={words.notFound.text}>
      <LinkButton href="/" look="primary">
        {words.notFound.back}
      </LinkButton>
    </Empty>
  </Page>
);

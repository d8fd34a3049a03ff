interface Share {
  key: string;
  label: string;
  /** 0 to 1. */
  share: number;
}

const width = 1000;

/** Shares of a whole, side by side, with their names below. */
export const StackedBar = ({ label, shares }: { label: string; shares: readonly Share[] }) => {
  let left = 0;
  return (
    <div class="stacked">
      <svg
        viewBox={`0 0 ${width} 14`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${shares.map((share) => share.label).join(', ')}`}
      >
        {shares.map(({ key, share }) => {
          const from = left;
          left += Math.max(0, share) * width;
          return <rect key={key} class={`share share-${key}`} x={from} width={left - from} height="14" />;
        })}
      </svg>
      <p class="legend" aria-hidden="true">
        {shares.map(({ key, label: name }) => (
          <span key={key}>
            <i class={`swatch swatch-${key}`} />
            {name}
          </span>
        ))}
      </p>
    </div>
  );
};

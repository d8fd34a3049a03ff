/** Three eyes of one watchful animal: two ears that listen, one lens that looks. */
export const Logo = ({ size = 28 }: { size?: number }) => (
  <svg class="logo" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
    <rect width="64" height="64" rx="15" class="logo-ground" />
    <g fill="none" class="logo-line">
      <circle cx="32" cy="36" r="13.5" stroke-width="4.5" />
      <path d="M13.5 30V20.5a5 5 0 0 1 8.6-3.5M50.5 30V20.5a5 5 0 0 0-8.6-3.5" stroke-width="4.5" stroke-linecap="round" />
    </g>
    <circle cx="32" cy="36" r="5.5" class="logo-eye" />
  </svg>
);

export const Spinner = () => <span class="spinner" aria-hidden="true" />;

export const Loading = ({ label }: { label: string }) => (
  <p class="loading" role="status">
    <Spinner /> {label}
  </p>
);

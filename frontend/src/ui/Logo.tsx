// Two streams side by side: the sign of Potok.
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden style={{ flex: "none" }}>
      <rect width="32" height="32" rx="9" fill="#17656f" />
      <path
        d="M6 12c4-4 7-4 10 0s6 4 10 0M6 20c4-4 7-4 10 0s6 4 10 0"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  );
}

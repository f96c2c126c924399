/// <reference types="vite/client" />
// What imports that are not TypeScript give.

declare module "*.po" {
  import type { Messages } from "@lingui/core";
  export const messages: Messages;
}

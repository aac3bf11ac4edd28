// Signing out forgets who was taken along on this phone. Records that were not sent yet stay sealed for their account.
import { wipe } from "./offline_store";

export function start(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && new URL(form.action).pathname === "/session/end" && "indexedDB" in window) {
      void wipe().catch(() => undefined);
    }
  });
}

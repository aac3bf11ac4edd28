// htmx under our rules: attributes never run as code, and every unsafe request carries the page's token.
// Other settings stand in the page's `htmx-config`: same origin only, no style of its own; htmx 4 keeps no page
// snapshots and shows the answer to a refused form (422) like any other.
import htmx from "htmx.org";

class NoCode {
  constructor() {
    throw new Error("code in attributes is off");
  }
}

/** The parts of htmx's inner face and of a request that we touch. */
interface Inner {
  initSecurity(policy: null, plain: typeof NoCode, waiting: typeof NoCode): void;
}
interface Asking {
  ctx?: { request?: { method?: string; headers?: Record<string, string> } };
}

export function start(): void {
  htmx.registerExtension("csp", {
    init: (inner: unknown) => (inner as Inner).initSecurity(null, NoCode, NoCode),
    htmx_config_request: (_element: Element, detail: unknown) => {
      const request = (detail as Asking).ctx?.request;
      const token = document.querySelector<HTMLInputElement>("input[name=_csrf]")?.value;
      if (request?.headers && token && !/^get$/i.test(request.method ?? "get")) request.headers["x-csrf"] = token;
    },
  } as never);
}

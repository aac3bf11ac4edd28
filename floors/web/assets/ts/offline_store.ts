// The sealed store of a phone. Every record lies AES-256-GCM encrypted in IndexedDB; the key is derived (HKDF-SHA256) from a secret that
// the server gives at each sync, cannot be exported, and lives in this tab's session only: what lies on the device opens for nobody else.

const NAME = "wushe-offline";
const HOLDER = "wushe.offline.session";

/** What the tab remembers of the session; gone with the tab. */
export interface Holder {
  account: string;
  device: string;
  secret: string;
  lease: number;
}
export interface Sealed {
  iv: string;
  data: string;
}
export interface KeptOp extends Sealed {
  key: string;
  device: string;
  seq: number;
}

export function holder(): Holder | null {
  try {
    return JSON.parse(sessionStorage.getItem(HOLDER) ?? "null") as Holder | null;
  } catch {
    return null;
  }
}
export function hold(some: Holder | null): void {
  if (some) sessionStorage.setItem(HOLDER, JSON.stringify(some));
  else sessionStorage.removeItem(HOLDER);
}

const text = new TextEncoder();
function base64(bytes: ArrayBuffer | Uint8Array): string {
  let out = "";
  for (const byte of new Uint8Array(bytes)) out += String.fromCharCode(byte);
  return btoa(out);
}
function bytes(base: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base), (sign) => sign.charCodeAt(0));
}

/** The key of a device. */
export async function keyOf(secret: string, device: string): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey("raw", bytes(secret), "HKDF", false, ["deriveKey"]);
  const salt = text.encode(device);
  const info = text.encode("wushe offline 1");
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info }, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
/** Seals a value; what it is for is bound in, so that it opens nowhere else. */
export async function seal(key: CryptoKey, what: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = text.encode(what);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, text.encode(JSON.stringify(value)));
  return { iv: base64(iv), data: base64(data) };
}
/** Opens a sealed value; nothing when it does not open. */
export async function open<T>(key: CryptoKey, what: string, sealed: Sealed): Promise<T | null> {
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(sealed.iv), additionalData: text.encode(what) }, key, bytes(sealed.data));
    return JSON.parse(new TextDecoder().decode(plain)) as T;
  } catch {
    return null;
  }
}
export async function digest(said: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", text.encode(said));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
/** UUID v7: 48 bits of time, then chance. */
export function uuid(): string {
  const all = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let at = 5; at >= 0; at--) {
    all[at] = time % 256;
    time = Math.floor(time / 256);
  }
  all[6] = ((all[6] ?? 0) & 0x0f) | 0x70;
  all[8] = ((all[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...all].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function base(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("meta");
      asked.result.createObjectStore("cards");
      asked.result.createObjectStore("ops", { keyPath: "key" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error ?? new Error("indexedDB"));
  });
}
/** One transaction; done once it is on the disk. */
async function within<T>(store: string, mode: IDBTransactionMode, f: (store: IDBObjectStore) => IDBRequest<T> | void): Promise<T | undefined> {
  const db = await base();
  try {
    return await new Promise<T | undefined>((done, failed) => {
      const tx = db.transaction(store, mode, { durability: "strict" } as IDBTransactionOptions);
      const asked = f(tx.objectStore(store));
      tx.oncomplete = () => done(asked ? asked.result : undefined);
      tx.onabort = tx.onerror = () => failed(tx.error ?? new Error("indexedDB"));
    });
  } finally {
    db.close();
  }
}

export const meta = {
  get: <T>(name: string): Promise<T | undefined> => within<T>("meta", "readonly", (s) => s.get(name) as IDBRequest<T>),
  set: (name: string, value: unknown): Promise<unknown> => within("meta", "readwrite", (s) => s.put(value, name)),
};
export const cards = {
  all: async (): Promise<Sealed[]> => (await within<Sealed[]>("cards", "readonly", (s) => s.getAll() as IDBRequest<Sealed[]>)) ?? [],
  replace: (all: Sealed[]): Promise<unknown> =>
    within("cards", "readwrite", (s) => {
      s.clear();
      all.forEach((card, at) => s.put(card, at));
    }),
  clear: (): Promise<unknown> => within("cards", "readwrite", (s) => s.clear()),
};
const place = (device: string, seq: number): string => `${device} ${String(seq).padStart(9, "0")}`;
export const ops = {
  all: async (): Promise<KeptOp[]> => (await within<KeptOp[]>("ops", "readonly", (s) => s.getAll() as IDBRequest<KeptOp[]>)) ?? [],
  put: (device: string, seq: number, sealed: Sealed): Promise<unknown> =>
    within("ops", "readwrite", (s) => s.put({ key: place(device, seq), device, seq, ...sealed })),
  drop: (device: string, seqs: number[]): Promise<unknown> =>
    within("ops", "readwrite", (s) => {
      for (const seq of seqs) s.delete(place(device, seq));
    }),
};

/** Forgets who was taken along, and the key. Records that were not sent yet stay sealed until their account signs in again. */
export async function wipe(): Promise<void> {
  hold(null);
  await cards.clear();
}

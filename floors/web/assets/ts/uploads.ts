// Uploads: what was chosen is seen before it is sent, and how far the sending is. Without script the form sends itself.
import { make } from "./dom";

function preview(field: HTMLElement, input: HTMLInputElement): void {
  const list = field.querySelector<HTMLElement>("[data-upload-list]");
  if (!list) return;
  for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  list.replaceChildren();
  for (const file of input.files ?? []) {
    const thumb = make("span", "thumb");
    if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
      const image = make("img", "");
      image.alt = "";
      image.src = URL.createObjectURL(file);
      thumb.append(image);
    }
    thumb.append(make("span", "thumb-name", file.name), make("small", "text-secondary", size(file.size)));
    list.append(thumb);
  }
}

function size(bytes: number): string {
  return bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

/** Sends the form with a bar; the answer is the next page, as it would have been. */
function send(form: HTMLFormElement, field: HTMLElement): void {
  const bar = make("progress", "bar upload-bar");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", field.querySelector("label")?.textContent?.trim() ?? "");
  field.append(bar);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = Math.round((event.loaded * 100) / event.total);
  });
  const plain = (): void => {
    bar.remove();
    delete form.dataset["sending"];
    form.submit();
  };
  request.addEventListener("load", () => {
    if (!(request.getResponseHeader("content-type") ?? "").startsWith("text/html")) return plain();
    // The answer may carry a one-time message or the errors of a refused form, so this very answer is shown, not asked again.
    if (request.responseURL) history.pushState(null, "", request.responseURL);
    document.open();
    document.write(request.responseText);
    document.close();
  });
  request.addEventListener("error", plain);
  request.send(new FormData(form));
}

export function start(): void {
  for (const field of document.querySelectorAll<HTMLElement>("[data-upload]")) {
    const input = field.querySelector<HTMLInputElement>("input[type=file]");
    const form = input?.form;
    if (!input || !form) continue;
    input.addEventListener("change", () => preview(field, input));
    form.addEventListener("submit", (event) => {
      const bytes = [...(input.files ?? [])].reduce((sum, file) => sum + file.size, 0);
      // Small files are sent before a bar could be seen.
      if (event.defaultPrevented || bytes < 512 * 1024 || form.dataset["sending"] === "1") return;
      event.preventDefault();
      form.dataset["sending"] = "1";
      send(form, field);
    });
  }
}

// Forms: one submit per press, a question before typed text is left behind, a chosen day that sends its own form.
import { word } from "./dom";

export function start(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.dataset["sending"] === "1") {
      event.preventDefault();
      return;
    }
    if (form.method !== "post") return;
    form.dataset["sending"] = "1";
    form.dataset["changed"] = "";
    const button = event.submitter;
    if (button instanceof HTMLButtonElement) {
      button.classList.add("sending");
      button.setAttribute("aria-busy", "true");
      button.title = word("sending");
    }
  });
  // The back button may bring a page back as it was left: it must be able to send again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sending]")) {
      delete form.dataset["sending"];
      for (const button of form.querySelectorAll(".sending")) {
        button.classList.remove("sending");
        button.removeAttribute("aria-busy");
      }
    }
  });
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-confirm-leave]")) {
    form.addEventListener("input", () => (form.dataset["changed"] = "1"));
  }
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-confirm-leave][data-changed='1']")) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosubmit]")) {
    form.addEventListener("change", (event) => {
      const field = event.target;
      // A date field fires while the year is half typed.
      if (field instanceof HTMLInputElement && field.type === "date" && !/^[12]\d{3}-/.test(field.value)) return;
      if (form.reportValidity()) form.requestSubmit();
    });
  }
  document.querySelector<HTMLElement>(".error-summary")?.focus();
}

// Runs before the page is drawn: theme and size chosen on this computer.
import htmx from "htmx.org";

export const version: string = htmx.version;

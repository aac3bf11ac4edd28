// What runs in every page: htmx for fragments, then small islands. Every page works without any of it.
import { start as startLook } from "./look";
import { start as startFragments } from "./fragments";
import { start as startKeys } from "./keys";
import { start as startDrafts } from "./drafts";
import { start as startForms } from "./forms";
import { start as startUploads } from "./uploads";
import { start as startPaste } from "./paste";
import { start as startRows } from "./rows";
import { start as startOfflineEnd } from "./offline_end";
import { start as startKept } from "./kept";
import { start as startWhen } from "./when";

// The script stands in the head: theme and size are set before the page is drawn.
startLook();
startFragments();
document.addEventListener("DOMContentLoaded", () => {
  startKeys();
  startDrafts();
  startForms();
  startUploads();
  startPaste();
  startRows();
  startOfflineEnd();
  startKept();
  startWhen();
});

import { Api, FeedbackClient, PageAttention, Store } from "aspire-feedback";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";
import { calm } from "./calm.js";
import { type Page, PageContext } from "./client.js";
import { followIdentity, IdentityContext, type IdentityPage } from "./identity/identity.js";
import { followPairLinks } from "./identity/pairLink.js";
import { noticeOf, NoticeStore } from "./notices.js";
import { SeenStore } from "./seen.js";
import { readSettings } from "./settings.js";
import "./styles/index.css";

const api = new Api();
const notices = new NoticeStore();
const client = new FeedbackClient({
  api,
  notify: (view) => (notices.get() === "on" ? noticeOf(view) : undefined),
  // A page in the background gives its connection up, unless it is to tell of ends.
  attention: new PageAttention(() => notices.get() === "on"),
});
const life = new AbortController();
// Before the first render: what an earlier page left unsent goes out at once.
client.run(life.signal).catch(reportError);

const seen = new SeenStore();
seen.follow(life.signal);
notices.follow(life.signal);
const page: Page = { client, requests: calm(client.requests), settings: readSettings(), seen, notices, trouble: new Store<string | undefined>(undefined) };
const identity: IdentityPage = { api, pairing: followPairLinks(), isAccountOpen: new Store(false) };
followIdentity();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element to render into.");
createRoot(root).render(
  <StrictMode>
    <PageContext value={page}>
      <IdentityContext value={identity}>
        <App />
      </IdentityContext>
    </PageContext>
  </StrictMode>,
);

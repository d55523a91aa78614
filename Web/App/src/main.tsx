import { Api, FeedbackClient, Store } from "aspire-feedback";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";
import { calm } from "./calm.js";
import { type Page, PageContext } from "./client.js";
import { followIdentity, IdentityContext, type IdentityPage } from "./identity/identity.js";
import { followPairLinks } from "./identity/pairLink.js";
import { SeenStore } from "./seen.js";
import { readSettings } from "./settings.js";
import "./styles/index.css";

const api = new Api();
const client = new FeedbackClient({ api });
const life = new AbortController();
// Before the first render: what an earlier page left unsent goes out at once.
client.run(life.signal).catch(reportError);

const seen = new SeenStore();
seen.follow(life.signal);
const page: Page = { client, requests: calm(client.requests), settings: readSettings(), seen, trouble: new Store<string | undefined>(undefined) };
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

import { Api, FeedbackClient, Store } from "aspire-feedback";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";
import { PageContext } from "./client.js";
import { followIdentity, IdentityContext } from "./identity/identity.js";
import { followPairLinks } from "./identity/pairLink.js";
import "./styles/index.css";

const api = new Api();
const client = new FeedbackClient({ api });
const page = new AbortController();
// Before the first render: what an earlier page left unsent goes out at once.
client.run(page.signal).catch(reportError);

const pairing = followPairLinks();
followIdentity();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element to render into.");
createRoot(root).render(
  <StrictMode>
    <PageContext value={{ client, trouble: new Store<string | undefined>(undefined) }}>
      <IdentityContext value={{ api, pairing }}>
        <App />
      </IdentityContext>
    </PageContext>
  </StrictMode>,
);

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../styles/index.css";
import "../styles/admin.css";
import "../styles/adminList.css";
import "../styles/adminRequest.css";
import "../styles/adminState.css";
import { AdminApp } from "./AdminApp.js";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element to render into.");
createRoot(root).render(
  <StrictMode>
    <AdminApp />
  </StrictMode>,
);

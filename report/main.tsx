import { render } from "preact";
import { App } from "./app.tsx";
import { restoreFragment } from "./data/door.ts";

const place = document.getElementById("report");
if (place === null) throw new Error("The page has no place for the report.");
restoreFragment();
place.replaceChildren();
render(<App />, place);

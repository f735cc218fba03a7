// @ts-check
// What works for the whole page, whichever lab is open.
import "../lib/mount.js";
import { loadTexts } from "../lib/i18n.js";
import { watchDeletion } from "../lib/tab_store.js";
import { watchAddress } from "./address.js";
import { quiet } from "./lesson.js";
import { closeLeftLists } from "./lists.js";
import { watchNetwork } from "./network.js";
import { watchPictureFiles } from "./picture_files.js";
import { watchPlaces } from "./places.js";
import { watchProjector } from "./projector.js";
import { watchRestarts } from "./restart.js";
import { keepTextSize } from "./text_size.js";

keepTextSize();
watchPlaces();
watchProjector();
watchAddress();
watchDeletion();
closeLeftLists();
watchPictureFiles();
watchRestarts();
quiet();
watchNetwork().catch((error) => console.warn(error));
loadTexts("app").catch((error) => console.warn(error)); // every viewer asks for them again

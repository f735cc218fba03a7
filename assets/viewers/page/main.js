// @ts-check
// What works for the whole page, whichever lab is open.
import "../lib/mount.js";
import { loadTexts } from "../lib/i18n.js";
import { quiet } from "./lesson.js";
import { watchPictureFiles } from "./picture_files.js";
import { watchPlaces } from "./places.js";
import { watchRestarts } from "./restart.js";

watchPlaces();
watchPictureFiles();
watchRestarts();
quiet();
loadTexts("app").catch((error) => console.warn(error)); // every viewer asks for them again

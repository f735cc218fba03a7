// The old channel, for the labs that still speak it: their scripts find everything on `AttentionLab`, and their messages
// come through the value of gradio's component. This folder goes with the last of them.
import * as codec from "../lib/codec.js";
import * as colours from "../lib/colours.js";
import * as dom from "../lib/dom.js";
import { explain } from "../lib/explain.js";
import { csv, download, exportBar } from "../lib/exports.js";
import { readCells } from "../lib/heatmap.js";
import * as i18n from "../lib/i18n.js";
import * as links from "../lib/links.js";
import * as paint from "../lib/paint.js";
import { table } from "../lib/table.js";
import { tabs } from "../lib/tabs.js";
import { tip } from "../lib/tip.js";
import { addAsks } from "./asks.js";

const OLD = /^(attention|segmentation|cifar-\w+|learn-\w+)$/; // names of viewers

const lab = globalThis.AttentionLab ?? {};
const makers = {};
Object.assign(lab, codec, colours, paint, { explain, csv, download, exports: exportBar, readCells, table, tabs, tip });
Object.assign(lab, { el: dom.el, clear: dom.clear, onResize: dom.onResize, ink: dom.ink });
Object.assign(lab, { t: i18n.t, isolated: i18n.isolated, texts: i18n.texts });
Object.assign(lab, { link: links.link, views: links.views, LABS: links.LABS, onScreen: links.onScreen, here: links.here });
Object.assign(lab, { copy: links.copy, attention: {}, define: (name, make) => void (makers[name] = make) });
addAsks(lab);

export const isOld = (name) => OLD.test(name);

let coming = null;
const ready = () => (coming ??= i18n.loadTexts("all").then(() => import("./labs.js")));

export async function mountOld(name, root, { props, watch, trigger }) {
  const messages = [];
  let receive = (message) => messages.push(message);
  let last = "";
  const read = () => {
    const text = props.value;
    if (!text || text === last) return;
    last = text;
    receive(JSON.parse(text));
  };
  watch("value", read);
  read();
  await ready();
  const channel = lab.channel(root, trigger);
  const draw = makers[name](root, channel) || (() => {});
  receive = (message) => {
    channel.received(message);
    draw(message);
  };
  messages.forEach((message) => receive(message));
}

/** What the page's head says (server/page_head.py), and what gradio's components call. */
declare global {
  var AttentionLab: {
    labs: string[];
    languages: [string, string][];
    version: string;
    base: string;
    language: string;
    words: { broken: string; again: string };
    [more: string]: any;
  };
}

export {};

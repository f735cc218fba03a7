import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "node_modules/"] },
  js.configs.recommended,
  {
    files: ["assets/viewers/**/*.js"],
    languageOptions: { globals: { ...globals.browser, AttentionLab: "readonly" } },
    rules: {
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
          property,
          message: "Text is no HTML.",
        })),
        { object: "document", property: "write", message: "Text is no HTML." },
      ],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      "max-lines": ["error", 250],
      "max-lines-per-function": ["error", 60],
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
  { files: ["tests/viewers/*.mjs"], languageOptions: { globals: { ...globals.node, AttentionLab: "readonly" } } },
];

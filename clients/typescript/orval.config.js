module.exports = {
  chiso: {
    input: { target: "../../openapi/clients.json" },
    output: {
      target: "build/orval/chiso.ts",
      schemas: "build/orval/model",
      client: "fetch",
      mode: "tags-split",
      override: { mutator: { path: "http.ts", name: "http" } },
    },
  },
};

SwaggerUIBundle({ url: "openapi.json", dom_id: "#operations", deepLinking: true, validatorUrl: null });

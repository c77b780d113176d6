// The package's main module: registers the element. In Node it does nothing.
import { define } from "./element.js";

export * from "./element.js";
define();

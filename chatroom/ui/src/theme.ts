// Runs before the page is painted, so that it does not flash in the other theme.

import { applyTheme } from "./prefs";

applyTheme();

/** The worker of the Split page. */

import { serve } from '../serve.ts';
import { createSplitProgram } from './split.ts';

serve(createSplitProgram);

/** The worker of the Split page. */

import { serve } from '../../host/serve.ts';
import { createSplitProgram } from './split.ts';

serve(createSplitProgram);

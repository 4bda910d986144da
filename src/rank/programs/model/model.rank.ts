/** The worker of a model's ranks. */

import { serve } from '../../../host/serve.ts';
import { createModelWorker } from './worker.ts';

serve(createModelWorker);

import { isSoftwareGpu } from '../gpu/is-software-gpu';

/** What WebGL 2 draws with here. */
export interface WebGL {
  /** In words, where the browser tells. */
  readonly renderer: string;
  readonly software: boolean;
}

const scope = globalThis as { document?: Document };

function canvas(): OffscreenCanvas | HTMLCanvasElement | undefined {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(1, 1);
  return scope.document?.createElement('canvas');
}

/** Looks for WebGL 2, on a GPU if there is one. `undefined`: there is none. */
export function probeWebGL(): WebGL | undefined {
  for (const failIfMajorPerformanceCaveat of [true, false]) {
    const gl = canvas()?.getContext('webgl2', { failIfMajorPerformanceCaveat }) as WebGL2RenderingContext | null;
    if (!gl) continue;
    const names = gl.getExtension('WEBGL_debug_renderer_info');
    const renderer = String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
    // A page may have only a few contexts at a time.
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return { renderer, software: !failIfMajorPerformanceCaveat || isSoftwareGpu(renderer) };
  }
  return undefined;
}

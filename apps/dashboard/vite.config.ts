import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const server = process.env.EXPACTI_URL ?? 'http://127.0.0.1:3001';

export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss()],
  resolve: {
    // Workspace packages are bundled from their sources: building the dashboard needs none of them built first.
    conditions: ['expacti-source', ...defaultClientConditions],
    alias: {
      // The page forbids inline <style>; Radix's scroll lock would inject one.
      'react-style-singleton': fileURLToPath(new URL('src/style/adopted-style-singleton.ts', import.meta.url)),
    },
  },
  build: {
    target: 'es2022',
    // Nothing is inlined as a data: URL, so that the content security policy can name 'self' alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': server,
      '/socket.io': { target: server, ws: true },
    },
  },
});

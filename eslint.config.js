import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import svelte from 'eslint-plugin-svelte'
import tseslint from 'typescript-eslint'

/** Only a tool's config has to have a default export, and the declaration of a library that has one. */
const configs = ['**/*.config.ts', '*.config.js', '**/*.d.ts']

/** Where standard output is the product. */
const printing = ['src-main/{cli,commands}/**', 'test/**', 'scripts/**']

const typescriptRules = {
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/restrict-template-expressions': [
    'error',
    {
      allowAny: false,
      allowBoolean: true,
      allowNever: false,
      allowNullish: false,
      allowNumber: true,
      allowRegExp: false,
    },
  ],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
}

export default defineConfig(
  {
    ignores: [
      'out/**',
      'coverage/**',
      '.demo/**',
      // AssemblyScript: looks like TypeScript, has its own compiler and types.
      'src-main/engine/crypto/assembly/**',
      // Broken on purpose.
      'test/fixtures/**',
    ],
  },
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    rules: typescriptRules,
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    // The last one's parser reads the markup and hands the scripts on.
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked, svelte.configs.recommended],
    languageOptions: {
      parserOptions: { parser: tseslint.parser },
    },
    rules: typescriptRules,
  },
  {
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    rules: {
      'no-undef': 'off',
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived'] }],
      // A map that nothing shows need not be reactive.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      // svelte-check knows the types of markup, generics and snippets; without it these see `any`.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  { files: configs, rules: { 'no-restricted-exports': 'off' } },
  { files: printing, rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A stand-in for an asynchronous port is async by its type, not by its body.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['test/**/*.test.ts', 'test/support/**/*-conformance.ts'],
    rules: {
      // describe() is one function around a whole file; max-lines still holds.
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } } },
)

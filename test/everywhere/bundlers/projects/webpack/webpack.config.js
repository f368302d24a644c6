/** `webpack --env page=lean` */
export default ({ page }) => ({
  mode: 'production',
  entry: `./${page}/main.js`,
  output: { path: `${import.meta.dirname}/out/${page}`, filename: 'main.js' },
})

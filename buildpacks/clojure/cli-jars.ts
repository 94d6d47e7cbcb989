export const cliVersion = '0.22.1492'

/**
 * tools.deps and what it needs of other libraries, as Maven Central has them: all that `mvn dependency:copy-dependencies` names but for
 * those that read from Amazon S3. Lines as of sha256sum.
 */
const sums = `
0addec670fedcd3f113c5c8091d783280d23f75e3acb841b61a9cdb079376a08  aopalliance/aopalliance/1.0/aopalliance-1.0.jar
0f4f5fb28609a4d2b38b7f7128be7cf9b541f25283d71b4e56066d99683aafff  com/google/inject/guice/4.2.2/guice-4.2.2-no_aop.jar
e599d5318e97aa48f42136a2927e6dfa4e8881dff0e6c8e3109ddbbff51d7b7d  commons-codec/commons-codec/1.11/commons-codec-1.11.jar
e04ba5195bcd555dc95650f7cc614d151e4bcd52d29a10b8aa2197f3ab89ab9b  javax/annotation/javax.annotation-api/1.3.2/javax.annotation-api-1.3.2.jar
91c77044a50c481636c32d916fd89c9118a72195390452c81065080f957de7ff  javax/inject/javax.inject/1/javax.inject-1.jar
d919d904486c037f8d193412da0c92e22a9fa24230b9d67a57855c5c31c7e94e  org/apache/commons/commons-lang3/3.12.0/commons-lang3-3.12.0.jar
6fe9026a566c6a5001608cf3fc32196641f6c1e5e1986d1037ccdbd5f31ef743  org/apache/httpcomponents/httpclient/4.5.13/httpclient-4.5.13.jar
3cbaed088c499a10f96dde58f39dc0e7985171abd88138ca1655a872011bb142  org/apache/httpcomponents/httpcore/4.4.15/httpcore-4.4.15.jar
813233a8485cbaf97b1f9a2c17cef723b068f7260a4319cf4958f221d04b9937  org/apache/maven/maven-artifact/3.8.8/maven-artifact-3.8.8.jar
c425ca169d67217256a8d1991144691fcf23351e09431890af240bfeed33b902  org/apache/maven/maven-builder-support/3.8.8/maven-builder-support-3.8.8.jar
52f00764d26dc97ac9ffaf20b4e99982d568238490f9496bd7b9d5cc10740113  org/apache/maven/maven-core/3.8.8/maven-core-3.8.8.jar
288c29acda1d26138c8a53fff326ee79bbce870c63c9ac876e7fe8c2944044d3  org/apache/maven/maven-model-builder/3.8.8/maven-model-builder-3.8.8.jar
c392548bc1a3f0c6a180f888bd2349602de5b1e30059fe0ec46f81ed4ce14129  org/apache/maven/maven-model/3.8.8/maven-model-3.8.8.jar
b2c6d153d02b35c1f30d72df2372fc5d23abccec3c1e689be6d60047e1397ecc  org/apache/maven/maven-plugin-api/3.8.8/maven-plugin-api-3.8.8.jar
b396d3b081b353541ea9a147ab2d3eee5723b460d130ef7cb1d95366aeab7c31  org/apache/maven/maven-repository-metadata/3.8.8/maven-repository-metadata-3.8.8.jar
197a8a6e7c7df66dd1fa70bb495ac7616f0e96f43d354d69ff4794d725d47427  org/apache/maven/maven-resolver-provider/3.8.8/maven-resolver-provider-3.8.8.jar
e765b171ad3f0d99c2426abff890b46ac1ac68c785636efab5f61fcd73ecd4ff  org/apache/maven/maven-settings-builder/3.8.8/maven-settings-builder-3.8.8.jar
70db5c07425a5e66edceac12af6dd60cf614330978cc195c3009c75c6ff6e47c  org/apache/maven/maven-settings/3.8.8/maven-settings-3.8.8.jar
f6b8860554f6620cdc539746383264a211d0ae2886770de227b10ced518cf15f  org/apache/maven/resolver/maven-resolver-api/1.8.2/maven-resolver-api-1.8.2.jar
7631f1d87875d031b141abf99e185652a728a25cdb69be6dd39fca1af9a9f170  org/apache/maven/resolver/maven-resolver-connector-basic/1.8.2/maven-resolver-connector-basic-1.8.2.jar
c702e03dbd4b4f585e807816375fadf81f203b036bbc0c1f0d847628616e9f6a  org/apache/maven/resolver/maven-resolver-impl/1.8.2/maven-resolver-impl-1.8.2.jar
349a057956bedd0ab01f83d55152e06ac79942d1480c506710edb44ef6efc3f1  org/apache/maven/resolver/maven-resolver-named-locks/1.8.2/maven-resolver-named-locks-1.8.2.jar
a301acbeca7bb42e85bf8be48c677ba70e9107465e4f9438124a2dc623543b84  org/apache/maven/resolver/maven-resolver-spi/1.8.2/maven-resolver-spi-1.8.2.jar
8cb8c14eed09e286996fdad5a961c3660a3a1f1625dad578087c00bcc5182152  org/apache/maven/resolver/maven-resolver-transport-file/1.8.2/maven-resolver-transport-file-1.8.2.jar
50534deb9ea6590095179079d5a14e50b20d31d99f19f5f39e9f46c7f9861060  org/apache/maven/resolver/maven-resolver-transport-http/1.8.2/maven-resolver-transport-http-1.8.2.jar
a2cc000cb37065740f1e8d4857cc81b3ee51d637d68c8b22b95ee303fef97b4a  org/apache/maven/resolver/maven-resolver-util/1.8.2/maven-resolver-util-1.8.2.jar
7925d9c5a0e2040d24b8fae3f612eb399cbffe5838b33ba368777dc7bddf6dda  org/apache/maven/shared/maven-shared-utils/3.3.4/maven-shared-utils-3.3.4.jar
c45333006441a059ea9fdb1341fc6c1f40b921a10dccd82665311e48a0384763  org/clojure/clojure/1.12.0/clojure-1.12.0.jar
eb73ac08cf49ba840c88ba67beef11336ca554333d9408808d78946e0feb9ddb  org/clojure/core.specs.alpha/0.4.74/core.specs.alpha-0.4.74.jar
1fe706c3830860dbc4f8d8b737f6b1236ef08fcbad85e5db40b8aa93da98004b  org/clojure/data.xml/0.2.0-alpha9/data.xml-0.2.0-alpha9.jar
94cd99b6ea639641f37af4860a643b6ed399ee5a8be5d717cff0b663c8d75077  org/clojure/spec.alpha/0.5.238/spec.alpha-0.5.238.jar
916630b539a43ff468b4dd016c62857e2b4cb5da6686f1297587cdd43ca102cd  org/clojure/tools.cli/1.1.230/tools.cli-1.1.230.jar
71e67d977101908651b77f6125b951311bc9b1cc7c03aee12e6148825422f24e  org/clojure/tools.deps/0.22.1492/tools.deps-0.22.1492.jar
c2fc82e47139e81180db91490e79dfe5b037a5250b508ae3ccf6eb49660a5af8  org/clojure/tools.gitlibs/2.6.206/tools.gitlibs-2.6.206.jar
9a7f1b5c5a9effd61eadfd8731452a2f76a8e79111fac391ef75ea801bea203a  org/codehaus/plexus/plexus-cipher/2.0/plexus-cipher-2.0.jar
52f77c5ec49f787c9c417ebed5d6efd9922f44a202f217376e4f94c0d74f3549  org/codehaus/plexus/plexus-classworlds/2.6.0/plexus-classworlds-2.6.0.jar
bde3617ce9b5bcf9584126046080043af6a4b3baea40a3b153f02e7bbc32acac  org/codehaus/plexus/plexus-component-annotations/2.1.0/plexus-component-annotations-2.1.0.jar
b3b5412ce17889103ea564bcdfcf9fb3dfa540344ffeac6b538a73c9d7182662  org/codehaus/plexus/plexus-interpolation/1.26/plexus-interpolation-1.26.jar
873139960c4c780176dda580b003a2c4bf82188bdce5bb99234e224ef7acfceb  org/codehaus/plexus/plexus-sec-dispatcher/2.0/plexus-sec-dispatcher-2.0.jar
4b570fcdbe5a894f249d2eb9b929358a9c88c3e548d227a80010461930222f2a  org/codehaus/plexus/plexus-utils/3.3.1/plexus-utils-3.3.1.jar
c5994010bcdce1d2bd603a4d50c47191ddbd7875d1157b23aaa26d33c82fda13  org/eclipse/sisu/org.eclipse.sisu.inject/0.3.5/org.eclipse.sisu.inject-0.3.5.jar
7e4c61096d70826f20f7a7d55c59a5528e7aa5ad247ee2dfe544e4dd25f6a784  org/eclipse/sisu/org.eclipse.sisu.plexus/0.3.5/org.eclipse.sisu.plexus-0.3.5.jar
b9d4fe4d71938df38839f0eca42aaaa64cf8b313d678da036f0cb3ca199b47f5  org/ow2/asm/asm/9.2/asm-9.2.jar
ab57ca8fd223772c17365d121f59e94ecbf0ae59d08c03a3cb5b81071c019195  org/slf4j/jcl-over-slf4j/1.7.36/jcl-over-slf4j-1.7.36.jar
d3ef575e3e4979678dc01bf1dcce51021493b4d11fb7f1be8ad982877c16a1c0  org/slf4j/slf4j-api/1.7.36/slf4j-api-1.7.36.jar
c214958b07816cb4412b30c7bdbd4308ffdc6ba2a83767b8f3a9229cbd9274d6  org/slf4j/slf4j-nop/1.7.36/slf4j-nop-1.7.36.jar
`

/** By where a repository of Maven has them. */
export const cliJars: readonly { readonly place: string; readonly sha256: string }[] = sums
  .trim()
  .split('\n')
  .map((line) => ({ sha256: line.slice(0, 64), place: line.slice(66) }))

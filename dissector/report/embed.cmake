# cmake -DINPUT=page/page.html -DOUTPUT=page_template.cc -P embed.cmake
# Writes a source that holds INPUT, as bytes.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(................................................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"report/page_template.h\"

namespace sessenum {
namespace {

constexpr unsigned char kPage[] = {
${bytes}
};

}  // namespace

std::string_view PageTemplate() { return {reinterpret_cast<const char*>(kPage), sizeof(kPage)}; }

}  // namespace sessenum
")

//! Makes small files, object by object.

/// A file of these objects, numbered from 1; the first is the catalog.
pub(crate) fn file(objects: &[&str]) -> Vec<u8> {
    let numbered = objects.iter().enumerate();
    let objects: Vec<String> =
        numbered.map(|(index, object)| format!("{} 0 obj\n{object}\nendobj\n", index + 1)).collect();
    format!("%PDF-1.4\n{}trailer\n<< /Root 1 0 R >>\n%%EOF\n", objects.concat()).into_bytes()
}

pub(crate) fn stream(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}

pub(crate) const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
pub(crate) const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R \
    /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>";

/// A file of one page with this content and this form.
pub(crate) fn page(content: &str, form: &str) -> Vec<u8> {
    file(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        &stream(content),
        FONT,
        form,
    ])
}

/// A line: its font (`F` or the bold `B`), size, place and text.
pub(crate) type Line<'a> = (&'a str, u32, u32, u32, &'a str);

/// A file with pages of lines. The page is 400 points wide and 600 high, with y upwards.
pub(crate) fn drawn(pages: &[&[Line<'_>]]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|index| format!("{} 0 R", 5 + index * 2)).collect();
    let kids = kids.join(" ");
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{kids}] /Count {} /MediaBox [0 0 400 600] /Resources << /Font << /F 3 0 R /B 4 0 R >> >> >>",
            pages.len()
        ),
        FONT.to_owned(),
        FONT.replace("Helvetica", "Helvetica-Bold"),
    ];
    for (index, lines) in pages.iter().enumerate() {
        let content: Vec<String> = lines
            .iter()
            .map(|(font, size, x, y, text)| format!("BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n"))
            .collect();
        objects.push(format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>", 6 + index * 2));
        objects.push(stream(&content.concat()));
    }
    let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
    file(&objects)
}

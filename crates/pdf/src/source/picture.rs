//! A page as a grey picture, as far as pictures are drawn on it: scans are, in one piece or in stripes and layers.

use hayro_interpret::font::GlyphRun;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, LumaData, Paint, SoftMask,
};

use super::canvas::narrow;

/// Most pixels of the picture of a page, and of a picture that is drawn on it.
const MOST_PIXELS: f32 = 40e6;
const MOST_DRAWN: u64 = 400_000_000;
/// Most pictures of a page that are drawn.
const MOST_PICTURES: usize = 5_000;
/// Most samples along each side of a pixel, where a picture has more pixels than the page.
const SAMPLES: f64 = 4.0;

/// A grey picture of a page, which is white at first.
pub(crate) struct Picture {
    width: usize,
    height: usize,
    /// Pixels a point.
    scale: f32,
    grey: Vec<u8>,
    /// How what comes next goes together with what is there.
    modes: Vec<BlendMode>,
    drawn: usize,
}

impl Picture {
    /// A page of this size in points, with so many pixels an inch, or fewer where it would be too large.
    pub(crate) fn blank(width: f32, height: f32, dpi: u32) -> Self {
        let (width, height) = (width.clamp(1.0, 20_000.0), height.clamp(1.0, 20_000.0));
        let scale = (dpi as f32 / 72.0).min((MOST_PIXELS / (width * height)).sqrt());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both are small and not negative")]
        let pixels = |length: f32| ((length * scale).round() as usize).max(1);
        let (width, height) = (pixels(width), pixels(height));
        Self { width, height, scale, grey: vec![255; width * height], modes: Vec::new(), drawn: 0 }
    }

    /// Pixels a point.
    pub(crate) fn scale(&self) -> f32 {
        self.scale
    }

    /// Pixels an inch.
    pub(crate) fn dpi(&self) -> u32 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is small and not negative")]
        let dpi = (self.scale * 72.0).round() as u32;
        dpi.max(1)
    }

    pub(crate) fn width_in_points(&self) -> f32 {
        self.width as f32 / self.scale
    }

    pub(crate) fn height_in_points(&self) -> f32 {
        self.height as f32 / self.scale
    }

    /// The picture as a portable graymap (PGM), which needs no more than a head.
    pub(crate) fn pgm(&self) -> Vec<u8> {
        let mut file = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        file.extend_from_slice(&self.grey);
        file
    }

    /// Draws a layer, whose pixels `place` takes to those of this picture.
    fn draw(&mut self, layer: &Layer, place: Affine) {
        let back = place.inverse();
        let frame = place.transform_rect_bbox(Rect::new(0.0, 0.0, layer.grey.width(), layer.grey.height()));
        if !back.is_finite() || !frame.is_finite() {
            return;
        }
        let [across_x, across_y, down_x, down_y, ..] = back.as_coeffs();
        // How many pixels of the layer come to one of this picture, along its sides.
        let samples = across_x.hypot(across_y).max(down_x.hypot(down_y)).ceil().clamp(1.0, SAMPLES);
        let step = 1.0 / samples;
        let multiplies = self.modes.last() == Some(&BlendMode::Multiply);
        let (columns, rows) = (span(frame.x0, frame.x1, self.width), span(frame.y0, frame.y1, self.height));
        for y in rows {
            for x in columns.clone() {
                let (mut grey, mut cover, mut inside) = (0.0, 0.0, 0.0);
                let mut dy = step / 2.0;
                while dy < 1.0 {
                    let mut dx = step / 2.0;
                    while dx < 1.0 {
                        let at = back * Point::new(x as f64 + dx, y as f64 + dy);
                        if let Some((value, alpha)) = layer.at(at) {
                            grey += value * alpha;
                            cover += alpha;
                        }
                        inside += 1.0;
                        dx += step;
                    }
                    dy += step;
                }
                if cover > 0.0 {
                    let pixel = &mut self.grey[y * self.width + x];
                    let (before, value, cover) = (f32::from(*pixel), grey / cover, cover / inside);
                    let value = if multiplies { before * value / 255.0 } else { value };
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a grey value")]
                    let mixed = (before + (value - before) * cover).round().clamp(0.0, 255.0) as u8;
                    *pixel = mixed;
                }
            }
        }
    }
}

/// The pixels of a side that lie between two places.
fn span(from: f64, to: f64, length: usize) -> std::ops::Range<usize> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the picture")]
    let at = |place: f64| place.clamp(0.0, length as f64) as usize;
    at(from.floor())..at(to.ceil())
}

/// Grey values in rows.
struct Plane {
    values: Vec<u8>,
    columns: usize,
    rows: usize,
}

impl Plane {
    /// `None` where there are fewer values than the sizes say.
    fn of(values: Vec<u8>, columns: u32, rows: u32) -> Option<Self> {
        let (columns, rows) = (usize::try_from(columns).ok()?, usize::try_from(rows).ok()?);
        let is_whole = columns > 0 && rows > 0 && columns.checked_mul(rows).is_some_and(|all| all <= values.len());
        is_whole.then_some(Self { values, columns, rows })
    }

    fn width(&self) -> f64 {
        self.columns as f64
    }

    fn height(&self) -> f64 {
        self.rows as f64
    }

    /// The value at a place within it, between those of the four pixels around.
    fn at(&self, x: f64, y: f64) -> f32 {
        let (x, y) = (narrow((x - 0.5).max(0.0)), narrow((y - 0.5).max(0.0)));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a place within the plane")]
        let (column, row) = ((x as usize).min(self.columns - 1), (y as usize).min(self.rows - 1));
        let (right, below) = ((column + 1).min(self.columns - 1), (row + 1).min(self.rows - 1));
        let value = |column: usize, row: usize| f32::from(self.values[row * self.columns + column]);
        let (along, down) = (x - column as f32, y - row as f32);
        let upper = value(column, row) + (value(right, row) - value(column, row)) * along;
        let lower = value(column, below) + (value(right, below) - value(column, below)) * along;
        upper + (lower - upper) * down
    }
}

/// A picture that is drawn, and where it covers what is below it.
struct Layer {
    grey: Plane,
    cover: Option<Plane>,
}

impl Layer {
    /// The grey value and the cover, from 0 to 1, at a place; `None` outside.
    fn at(&self, at: Point) -> Option<(f32, f32)> {
        let (width, height) = (self.grey.width(), self.grey.height());
        if !(0.0..width).contains(&at.x) || !(0.0..height).contains(&at.y) {
            return None;
        }
        let cover = self
            .cover
            .as_ref()
            .map_or(1.0, |cover| cover.at(at.x / width * cover.width(), at.y / height * cover.height()) / 255.0);
        Some((self.grey.at(at.x, at.y), cover))
    }
}

fn grey(red: u8, green: u8, blue: u8) -> u8 {
    // The weights of ITU-R BT.601, in 256ths.
    let sum = u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29;
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}

fn plane(data: ImageData) -> Option<Plane> {
    match data {
        ImageData::Luma(LumaData { data, width, height, .. }) => Plane::of(data, width, height),
        ImageData::Rgb(colours) => {
            let greys = colours.data.as_chunks::<3>().0.iter().map(|[red, green, blue]| grey(*red, *green, *blue));
            Plane::of(greys.collect(), colours.width, colours.height)
        }
    }
}

/// From the pixels of what was decoded to the place of the picture, which is told for the pixels that the file states.
fn place(transform: Affine, (across, down): (f32, f32)) -> Affine {
    transform * Affine::scale_non_uniform(f64::from(across), f64::from(down))
}

impl<'a> Device<'a> for Picture {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let pixels = u64::from(image.width()) * u64::from(image.height());
        self.drawn += 1;
        if pixels > MOST_DRAWN || self.drawn > MOST_PICTURES {
            return;
        }
        let frame = props.transform.transform_rect_bbox(Rect::new(
            0.0,
            0.0,
            f64::from(image.width()),
            f64::from(image.height()),
        ));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a hint, and it saturates")]
        let hint = Some((frame.width().ceil() as u32, frame.height().ceil() as u32));
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |data, alpha| {
                    let factors = data.scale_factors();
                    let cover = alpha.and_then(|alpha| Plane::of(alpha.data, alpha.width, alpha.height));
                    if let Some(grey) = plane(data) {
                        self.draw(&Layer { grey, cover }, place(props.transform, factors));
                    }
                },
                hint,
            ),
            Image::Stencil(stencil) => stencil.with_stencil(
                |mask, paint| {
                    let ink = match paint {
                        Paint::Color(color) => {
                            let [red, green, blue, _] = color.to_rgba().to_rgba8();
                            grey(red, green, blue)
                        }
                        Paint::Pattern(_) => 0,
                    };
                    let factors = mask.scale_factors;
                    let inked = vec![ink; mask.data.len()];
                    let layer = Plane::of(inked, mask.width, mask.height)
                        .zip(Plane::of(mask.data, mask.width, mask.height))
                        .map(|(grey, cover)| Layer { grey, cover: Some(cover) });
                    if let Some(layer) = layer {
                        self.draw(&layer, place(props.transform, factors));
                    }
                },
                hint,
            ),
        }
    }

    fn push_transparency_group(&mut self, _opacity: f32, _mask: Option<SoftMask<'a>>, mode: BlendMode) {
        self.modes.push(mode);
    }

    fn pop_transparency_group(&mut self) {
        self.modes.pop();
    }

    fn draw_path(&mut self, _path: &BezPath, _props: DrawProps<'a>, _mode: &DrawMode) {}

    fn draw_glyph_run(&mut self, _run: &GlyphRun<'_, 'a>, _props: DrawProps<'a>, _mode: &DrawMode) {}

    fn push_clip_path(&mut self, _path: &ClipPath) {}

    fn pop_clip(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_drawn_where_it_is_placed() {
        let mut picture = Picture::blank(4.0, 2.0, 72);
        let grey = Plane::of(vec![0, 100], 2, 1).unwrap();
        picture.draw(&Layer { grey, cover: None }, Affine::translate((1.0, 1.0)));
        assert_eq!(picture.pgm(), [&b"P5\n4 2\n255\n"[..], &[255; 4], &[255, 0, 100, 255]].concat());
    }

    #[test]
    fn what_is_finer_than_the_picture_is_averaged() {
        let mut picture = Picture::blank(1.0, 1.0, 72);
        let grey = Plane::of(vec![0, 200, 200, 0], 2, 2).unwrap();
        picture.draw(&Layer { grey, cover: None }, Affine::scale(0.5));
        assert_eq!(picture.grey, [100]);
    }

    #[test]
    fn a_cover_lets_through_what_is_below() {
        let mut picture = Picture::blank(2.0, 1.0, 72);
        let (grey, cover) = (Plane::of(vec![0, 0], 2, 1).unwrap(), Plane::of(vec![255, 51], 2, 1));
        picture.draw(&Layer { grey, cover }, Affine::IDENTITY);
        assert_eq!(picture.grey, [0, 204]);
    }

    #[test]
    fn a_giant_page_has_fewer_pixels_an_inch() {
        let picture = Picture::blank(14_400.0, 14_400.0, 300);
        assert!(picture.grey.len() <= 41_000_000 && picture.dpi() < 40, "{}", picture.dpi());
    }

    #[test]
    fn places_beyond_any_page_are_no_panic() {
        let mut picture = Picture::blank(2.0, 1.0, 72);
        for place in [Affine::scale(0.0), Affine::scale(f64::NAN), Affine::scale(1e300), Affine::translate((1e12, 0.0))]
        {
            let grey = Plane::of(vec![0, 0], 2, 1).unwrap();
            picture.draw(&Layer { grey, cover: None }, place);
        }
        assert!(Plane::of(vec![0], 2, 1).is_none());
    }
}

"""Los textos de los que se extrae algo y las preguntas de lectura, con su respuesta."""

from __future__ import annotations

from .words import table

__all__ = ["DATES", "EMOTIONS", "INTENTS", "NAMES", "PLACES", "READING", "REMOVED", "REPLACED"]

# texto y pregunta | respuesta
READING = table("""
Marta compró tres peras y un melón en la feria. ¿Cuántas peras compró Marta? | Tres
El gato de Luis se llama Bigotes y duerme en una caja. ¿Cómo se llama el gato de Luis? | Bigotes
La función empieza a las ocho y termina a las diez. ¿A qué hora termina la función? | A las diez
Sandra pintó su cuarto de amarillo y el baño de gris. ¿De qué color pintó el baño? | De gris
El abuelo guarda sus herramientas en el sótano. ¿Dónde guarda el abuelo sus herramientas? | En el sótano
Para el viaje, Óscar llevó un libro y su hermana llevó un tablero de ajedrez. ¿Quién llevó el tablero de ajedrez? | Su hermana
La receta pide dos huevos, harina y una taza de leche. ¿Cuántos huevos pide la receta? | Dos
El lunes llovió y el martes salió el sol. ¿Qué día salió el sol? | El martes
Teresa trabaja en un hospital y su marido en una escuela. ¿Dónde trabaja Teresa? | En un hospital
El perro enterró un hueso bajo el naranjo. ¿Qué enterró el perro? | Un hueso
Los excursionistas subieron al cerro para ver el amanecer. ¿Para qué subieron al cerro? | Para ver el amanecer
Ramiro llegó tarde porque perdió el bus. ¿Por qué llegó tarde Ramiro? | Porque perdió el bus
La jirafa come hojas de los árboles más altos. ¿Qué come la jirafa? | Hojas de los árboles más altos
El faro fue construido por un ingeniero escocés. ¿Quién construyó el faro? | Un ingeniero escocés
Emilia toca el arpa desde los nueve años. ¿Qué instrumento toca Emilia? | El arpa
En la granja hay cinco cabras y dos burros. ¿Cuántos burros hay en la granja? | Dos
La panadería está junto a la farmacia y al frente está el parque. ¿Qué hay frente a la panadería? | El parque
El barco zarpó de noche y llegó a la isla de madrugada. ¿Cuándo llegó el barco a la isla? | De madrugada
Hugo viaja en bicicleta cuando hace sol y en bus cuando llueve. ¿En qué viaja Hugo cuando llueve? | En bus
La maestra repartió lápices rojos a las niñas y azules a los niños. ¿De qué color eran los lápices de los niños? | Azules
El zorro robó dos gallinas del corral de don Jacinto. ¿De quién era el corral? | De don Jacinto
Cuando terminó de estudiar, Abril salió a patinar. ¿Qué hizo Abril cuando terminó de estudiar? | Salió a patinar
La carta venía dentro de un sobre verde con tres sellos. ¿De qué color era el sobre? | Verde
El incendio empezó en la cocina y los vecinos lo apagaron. ¿Dónde empezó el incendio? | En la cocina
Valentina ahorró seis meses para comprarse una cámara. ¿Qué quería comprarse Valentina? | Una cámara
El tren a la costa sale del andén cuatro. ¿De qué andén sale el tren? | Del andén cuatro
Nicolás olvidó las entradas, así que volvió a casa en taxi. ¿Qué olvidó Nicolás? | Las entradas
El chef preparó sopa de entrada y pescado de fondo. ¿Qué preparó de entrada? | Sopa
La exposición estará abierta hasta el domingo. ¿Hasta cuándo estará abierta la exposición? | Hasta el domingo
El pirata escondió el mapa dentro de una botella. ¿Dónde escondió el mapa el pirata? | Dentro de una botella
Irene le prestó su paraguas a Damián porque él no tenía. ¿Quién prestó el paraguas? | Irene
El castor construyó una represa con ramas y barro. ¿Con qué construyó la represa? | Con ramas y barro
Doña Elvira vende miel los sábados y flores los domingos. ¿Qué vende doña Elvira los domingos? | Flores
La carrera la ganó Benjamín, y Agustín llegó segundo. ¿Quién llegó segundo? | Agustín
El museo cierra los lunes por limpieza. ¿Por qué cierra el museo los lunes? | Por limpieza
La tortuga tardó una hora en cruzar el jardín. ¿Cuánto tardó la tortuga? | Una hora
""")

# texto | nombre de la persona
NAMES = table("""
El premio lo recibió Catalina en el teatro. | Catalina
Ayer vi a Rodrigo comprando pan. | Rodrigo
La carta está firmada por Amparo. | Amparo
En la foto aparece Ignacio con su perro. | Ignacio
El gol del triunfo fue de Esteban. | Esteban
Dice Lucía que no vendrá a cenar. | Lucía
La doctora se llama Beatriz. | Beatriz
El discurso de Gonzalo duró una hora. | Gonzalo
Le dieron la beca a Antonia. | Antonia
El vecino del tercer piso, Felipe, toca el violín. | Felipe
La novela cuenta la vida de Matilde. | Matilde
Según Andrés, el puente es seguro. | Andrés
Mañana cumple años Josefina. | Josefina
El mecánico, Ramón, arregló el motor. | Ramón
La voz de Isabel llenó la sala. | Isabel
Por la ventana se asomó Leonor. | Leonor
Quien mejor cocina en casa es Sergio. | Sergio
Tras la lluvia, Violeta salió a pasear. | Violeta
La nueva alumna es Renata. | Renata
El último en llegar fue Cristóbal. | Cristóbal
Con mucho cuidado, Patricia abrió el cofre. | Patricia
El cuadro fue pintado por Eugenia. | Eugenia
La mochila olvidada es de Mateo. | Mateo
Todos aplaudieron a Rosario. | Rosario
El guía del grupo, Alonso, conoce el bosque. | Alonso
Nadie escuchó a Gabriela. | Gabriela
La llave la tiene Octavio. | Octavio
Al final ganó la partida Noelia. | Noelia
El taxi lo conducía Marcelo. | Marcelo
Durante el viaje, Elisa escribió un diario. | Elisa
""")

# texto | fecha | otra forma de decirla
DATES = table("""
El concierto será el 14 de mayo en el estadio. | 14 de mayo | el 14 de mayo
La entrega vence el 3 de agosto a mediodía. | 3 de agosto | el 3 de agosto
Desde el 20 de enero el mercado abre más tarde. | 20 de enero | el 20 de enero
Mi sobrina nació el 9 de noviembre, durante una tormenta. | 9 de noviembre | el 9 de noviembre
La boda se celebró el 27 de febrero con pocos invitados. | 27 de febrero | el 27 de febrero
Cortarán la luz el 6 de julio por unos arreglos. | 6 de julio | el 6 de julio
El curso de cerámica parte el 18 de marzo. | 18 de marzo | el 18 de marzo
Tengo hora con el dentista el 30 de octubre. | 30 de octubre | el 30 de octubre
El 11 de diciembre cerramos por inventario. | 11 de diciembre | el 11 de diciembre
La exposición de cactus se inaugura el 23 de abril. | 23 de abril | el 23 de abril
El contrato de arriendo termina el 31 de agosto. | 31 de agosto | el 31 de agosto
El 5 de junio llegan mis tíos de visita. | 5 de junio | el 5 de junio
Postergaron la carrera hasta el 16 de septiembre. | 16 de septiembre | el 16 de septiembre
La nevada más grande cayó el 8 de julio. | 8 de julio | el 8 de julio
Las inscripciones se cierran el 12 de febrero. | 12 de febrero | el 12 de febrero
El 29 de mayo hay reunión de apoderados. | 29 de mayo | el 29 de mayo
El barco zarpa el 2 de enero si hay buen viento. | 2 de enero | el 2 de enero
Encontraron la moneda el 19 de octubre, al cavar un pozo. | 19 de octubre | el 19 de octubre
Devuelve los libros antes del 25 de marzo. | 25 de marzo | el 25 de marzo
El circo se despide el 7 de noviembre con una función gratis. | 7 de noviembre | el 7 de noviembre
Plantamos el cerezo el 21 de septiembre. | 21 de septiembre | el 21 de septiembre
La vacuna llegará al consultorio el 13 de abril. | 13 de abril | el 13 de abril
El 24 de junio prendemos una fogata en la playa. | 24 de junio | el 24 de junio
El ascensor dejó de funcionar el 10 de diciembre. | 10 de diciembre | el 10 de diciembre
La final del torneo es el 28 de julio. | 28 de julio | el 28 de julio
Me mudé a este barrio el 1 de agosto. | 1 de agosto | el 1 de agosto
Firmaron el acuerdo el 17 de enero en la alcaldía. | 17 de enero | el 17 de enero
La tienda celebra su aniversario el 4 de octubre. | 4 de octubre | el 4 de octubre
""")

# texto | lugar
PLACES = table("""
El tren llegó a Valparaíso con una hora de retraso. | Valparaíso
Mis abuelos se conocieron en Sevilla durante un baile. | Sevilla
La fábrica de chocolates de Bariloche contrató a veinte personas. | Bariloche
Nevó por primera vez en Guadalajara. | Guadalajara
El congreso de apicultores será en Cusco. | Cusco
Un tranvía antiguo recorre el centro de Lisboa. | Lisboa
Viajaremos en barco hasta Cartagena. | Cartagena
La orquesta ensayó dos semanas en Viena. | Viena
Perdí mi pasaporte en el aeropuerto de Toronto. | Toronto
Abrieron un museo del juguete en Córdoba. | Córdoba
La tormenta cortó los caminos cerca de Temuco. | Temuco
El ciclista se entrena en las calles de Medellín. | Medellín
Compré esta alfombra en Marrakech. | Marrakech
En Montevideo se celebró la feria del libro. | Montevideo
La maratón de Berlín reunió a miles de corredores. | Berlín
El escultor tiene su taller en Oaxaca. | Oaxaca
Hay una biblioteca flotante en Ámsterdam. | Ámsterdam
Un terremoto leve despertó a los vecinos de Arequipa. | Arequipa
El vuelo hizo escala en Panamá. | Panamá
Crecí en Rosario, a orillas del río. | Rosario
La mejor tortilla la comí en Salamanca. | Salamanca
Desde Quito salen buses todas las noches. | Quito
El puente colgante de Bilbao cumple años. | Bilbao
Inauguraron un acuario en Antofagasta. | Antofagasta
La familia se mudó a Dublín por trabajo. | Dublín
En las afueras de Asunción hay un mercado de flores. | Asunción
El grupo grabó su disco en Kingston. | Kingston
El faro de Alejandría fue una de las siete maravillas. | Alejandría
""")

# frase | emoción
EMOTIONS = table("""
¡Me dieron el trabajo que tanto quería! | alegría
Hoy vuelvo a abrazar a mi hija después de un año. | alegría
¡Por fin llegó el día de las vacaciones! | alegría
No dejo de sonreír desde que nació mi nieto. | alegría
¡Aprobé el último examen y salté por toda la casa! | alegría
Mis amigos me prepararon una fiesta sorpresa y me encantó. | alegría
Canté todo el camino porque me dijeron que sí. | alegría
¡Qué lindo es verlos a todos juntos en la mesa! | alegría
Desde que murió mi perro, la casa se siente vacía. | tristeza
Lloré toda la tarde al despedirme de mi mejor amiga. | tristeza
Nadie vino a mi cumpleaños. | tristeza
Extraño mucho a mi abuela, que ya no está. | tristeza
Se fue sin decir adiós y no tengo ganas de nada. | tristeza
Miro las fotos viejas y se me caen las lágrimas. | tristeza
Perdimos la casa donde crecimos y no encuentro consuelo. | tristeza
Otra vez comí a solas, pensando en quienes ya no llaman. | tristeza
Oí pasos detrás de mí y me puse a temblar. | miedo
No quiero bajar al sótano, está muy oscuro. | miedo
Cuando el avión se sacudió, me aferré al asiento y recé. | miedo
Vi una sombra en la ventana y se me heló la sangre. | miedo
No me atrevo a cruzar ese puente tan alto. | miedo
El perro me mostró los dientes y quise salir corriendo. | miedo
Cada vez que truena, me escondo debajo de la cama. | miedo
Me tiemblan las piernas al pensar en la operación. | miedo
¡Es la tercera vez que me rayan el auto, ya basta! | enojo
Me mintió en la cara y no se lo voy a perdonar. | enojo
¡Quién se comió mi almuerzo otra vez! Estoy que exploto. | enojo
Golpeó la mesa y gritó que era una injusticia. | enojo
Estoy harta de que lleguen tarde y ni pidan disculpas. | enojo
¡Cómo se atreven a cobrarme dos veces lo mismo! | enojo
Me colgaron el teléfono y casi rompo el aparato de rabia. | enojo
Se colaron en la fila y encima se rieron: me hierve la sangre. | enojo
""")

# mensaje | intención
INTENTS = table("""
¿A qué hora abre la piscina? | pregunta
¿Cuánto cuesta la entrada para niños? | pregunta
Quisiera saber si el bus pasa los feriados. | pregunta
¿Hay estacionamiento cerca del teatro? | pregunta
No sé si aceptan tarjetas, ¿las aceptan? | pregunta
¿Qué documentos necesito para inscribirme? | pregunta
¿Todavía quedan cupos en el taller? | pregunta
¿Dónde puedo recoger mi paquete? | pregunta
Por favor, envíenme el menú por correo. | pedido
Necesito que me cambien la cita para el jueves. | pedido
Resérveme una mesa para cuatro, por favor. | pedido
Tráigame la cuenta cuando pueda. | pedido
Les pido que agreguen mi nombre a la lista. | pedido
Mándame las fotos del paseo, por favor. | pedido
Quiero dos cafés con leche para llevar. | pedido
Haga el favor de bajar el volumen. | pedido
Llevo dos horas esperando y nadie me atiende. | queja
El producto llegó roto y sucio. | queja
Es inaceptable que otra vez falte agua caliente. | queja
La habitación olía mal y la cama estaba rota. | queja
Me cobraron de más y no me responden. | queja
El pollo venía crudo, qué mal servicio. | queja
Su aplicación se cierra sola todos los días. | queja
Los vecinos de arriba no me dejan dormir con tanto ruido. | queja
Mil gracias por ayudarme con la mudanza. | agradecimiento
Les agradezco de corazón su paciencia. | agradecimiento
Qué amable fuiste al esperarme, gracias. | agradecimiento
Gracias a todo el equipo por una atención tan cálida. | agradecimiento
Te debo una: sin ti no habría terminado a tiempo. | agradecimiento
Estoy muy agradecida por el regalo. | agradecimiento
No tengo palabras para agradecerles lo que hicieron. | agradecimiento
Recibí las flores, ¡muchas gracias! | agradecimiento
""")

# oración | palabra | por cuál se cambia
REPLACED = table("""
El perro duerme en la alfombra. | perro | conejo
Mi camisa verde está en el cajón. | verde | blanca
Ana toca el piano. | piano | violín
El lunes iremos al circo. | lunes | sábado
Hay tres manzanas sobre la mesa. | tres | siete
El pescador volvió con las redes vacías. | vacías | llenas
Compré un kilo de arroz. | arroz | azúcar
La casa queda cerca del río. | cerca | lejos
Mi tío maneja un camión rojo. | camión | tractor
El invierno fue muy lluvioso. | invierno | otoño
La reina abrió las puertas del palacio. | reina | princesa
Anoche vimos una película italiana. | película | comedia
El jardinero riega los rosales. | riega | poda
Las hojas caen en silencio. | hojas | plumas
Dejé el sombrero en la percha. | sombrero | paraguas
El niño dibuja un barco. | barco | dinosaurio
Almorzamos junto a un roble. | roble | sauce
El tren a la costa va lleno. | costa | montaña
La sopa está demasiado caliente. | caliente | salada
Guardo mis cartas en una caja de madera. | madera | cartón
El astronauta saludó a las cámaras. | astronauta | nadador
Un búho vigila el granero. | búho | gato
El pastel de nueces se terminó. | nueces | limón
La bibliotecaria ordena los libros. | ordena | presta
Desde la torre se ve el mar. | mar | bosque
El mago sacó una moneda de su oreja. | moneda | flor
Mi vecina cultiva lechugas en el balcón. | lechugas | tomates
El reloj de la plaza está atrasado. | plaza | iglesia
""")

# oración | palabra que se quita
REMOVED = table("""
La torre es muy alta. | muy
El viejo puente cruza el valle. | viejo
Hoy cenaremos temprano en casa. | temprano
Mis dos primas estudian danza. | dos
El caballo negro ganó la carrera. | negro
Siempre desayuno pan con queso. | Siempre
La lluvia cayó suavemente sobre el tejado. | suavemente
Ayer encontré una moneda rara. | rara
Quiero comprar solamente un cuaderno. | solamente
El pequeño bote cruzó la laguna. | pequeño
Los músicos ensayan juntos cada martes. | juntos
La enfermera habló amablemente con el paciente. | amablemente
El pan integral está en la bolsa. | integral
Nunca había visto una ballena azul. | azul
Las velas blancas brillan de lejos. | blancas
El maestro explicó otra vez la lección difícil. | difícil
Mi mejor amigo vive en la isla. | mejor
Esa montaña nevada parece un helado. | nevada
El cachorro juguetón mordió la manta. | juguetón
El agua fría del arroyo me despertó. | fría
Todos bailaron alegremente en la plaza. | alegremente
La larga fila avanzaba despacio. | larga
El verdadero dueño llegó después. | verdadero
Leímos un cuento corto sobre un dragón. | corto
El ladrido furioso del mastín nos asustó. | furioso
Una enorme luna iluminaba el camino. | enorme
Casi todos los pasajeros dormían. | Casi
El tercer piso tiene ventanas redondas. | redondas
""")
